// What every call has to do, also one whose answer comes late, and answers of a loop, all of which are wanted.
import { ref, watch } from 'vue'
import { api } from './api'

export function useCount(chat: { value: number }) {
  const messages = ref<string[]>([])
  const pending = ref(0)

  watch(chat, () => load())

  async function load(): Promise<void> {
    pending.value++
    const response = await api.history(chat.value)
    const found = await response.json()
    messages.value = found.messages
    pending.value--
  }

  return { messages, pending, load }
}

export function useCallback(chat: { value: number }) {
  const messages = ref<string[]>([])

  watch(chat, () => load(() => console.log('loaded')))

  async function load(loaded: () => void): Promise<void> {
    const response = await api.history(chat.value)
    const found = await response.json()
    messages.value = found.messages
    loaded()
  }

  return { messages, load }
}

export function useList(chats: { value: number[] }) {
  const latest = ref('')

  watch(chats, () => load())

  async function load(): Promise<void> {
    for (const chat of chats.value) {
      const response = await api.history(chat)
      const found = await response.json()
      latest.value = found.latest
    }
  }

  return { latest, load }
}

export function useFinally(chat: { value: number }) {
  const messages = ref<string[]>([])
  const pending = ref(0)

  let latestLoad = 0
  watch(chat, () => load())

  async function load(): Promise<void> {
    pending.value++
    try {
      const turn = ++latestLoad
      const response = await api.history(chat.value)
      const found = await response.json()
      if (turn !== latestLoad) {
        return
      }
      messages.value = found.messages
    } finally {
      pending.value--
    }
  }

  return { messages, pending, load }
}
