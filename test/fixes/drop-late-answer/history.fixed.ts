import { ref, watch } from 'vue'
import { api, type Message } from './api'

export function useHistory(chat: { value: number }) {
  const messages = ref<Message[]>([])
  const loading = ref(false)

  let latestLoad = 0
  watch(chat, () => load())

  async function load(): Promise<void> {
    if (chat.value === 0) {
      return
    }
    loading.value = true
    try {
      const turn = ++latestLoad
      // All of them, newest first.
      const response = await api.history(chat.value)
      const found = await response.json()
      if (turn !== latestLoad) {
        return
      }
      messages.value = found.messages
    } finally {
      loading.value = false
    }
  }

  return { messages, loading, load }
}
