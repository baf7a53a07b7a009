import { ref, watch } from 'vue'
import { api, type Message } from './api'

export function useHistory(chat: { value: number }) {
  const messages = ref<Message[]>([])
  const loading = ref(false)

  watch(chat, () => load())

  async function load(): Promise<void> {
    if (chat.value === 0) {
      return
    }
    loading.value = true
    try {
      // All of them, newest first.
      const response = await api.history(chat.value)
      const found = await response.json()
      messages.value = found.messages
    } finally {
      loading.value = false
    }
  }

  return { messages, loading, load }
}
