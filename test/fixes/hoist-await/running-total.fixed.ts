class Basket {
  private total = 0

  async add(id: string) {
    const awaited = await priceOf(id)
    this.total += awaited
  }
}

async function priceOf(id: string): Promise<number> {
  const response = await fetch(`/prices/${id}`)
  return Number(await response.text())
}

const basket = new Basket()
await Promise.all([basket.add('a'), basket.add('b')])

export {}
