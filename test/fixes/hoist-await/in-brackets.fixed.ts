// What is waited for stands in brackets, behind what only looks, and without semicolons.
let sum = 0
const state = { total: 0, by: '' }

export async function addUp(ids: string[], factor: number) {
  await Promise.all(
    ids.map(async (id) => {
      const awaited = await priceOf(id)
      sum = factor + sum + awaited // in cents
      const awaited2 = await priceOf(id)
      state.total = Math.round(state.total + awaited2 * factor)
    }),
  )
}

async function priceOf(id: string): Promise<number> {
  const response = await fetch(`/prices/${id}`)
  return Number(await response.text())
}
