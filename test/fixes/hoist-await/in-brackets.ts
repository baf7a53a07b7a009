// What is waited for stands in brackets, behind what only looks, and without semicolons.
let sum = 0
const state = { total: 0, by: '' }

export async function addUp(ids: string[], factor: number) {
  await Promise.all(
    ids.map(async (id) => {
      sum = factor + sum + (await priceOf(id)) // in cents
      state.total = Math.round(state.total + (await priceOf(id)) * factor)
    }),
  )
}

async function priceOf(id: string): Promise<number> {
  const response = await fetch(`/prices/${id}`)
  return Number(await response.text())
}
