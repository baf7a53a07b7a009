import { defineStore } from 'pinia';
import { ref } from 'vue';
import { api } from './api';

export const useMessages = defineStore('messages', () => {
  const messages = ref<string[]>([]);
  const title = ref('');

  // Parts of one list: both are wanted.
  const more = async (chat: number, from = 0) => {
    const found = await api.messages(chat, from);
    messages.value = from === 0 ? found : [...messages.value, ...found];
  };

  // Its callers get something.
  const rename = async (chat: number) => {
    const found = await api.title(chat);
    title.value = found;
    return found;
  };

  return { messages, title, more, rename };
});
