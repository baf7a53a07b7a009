class Basket {
  private total = 0

  async add(id: string) {
    this.total += await priceOf(id)
  }
}

async function priceOf(id: string): Promise<number> {
  const response = await fetch(`/prices/${id}`)
  return Number(await response.text())
}

const basket = new Basket()
await Promise.all([basket.add('a'), basket.add('b')])

export {}
