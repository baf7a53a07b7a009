// Statements that do not always wait, do something else before, or stand where no other statement can.
class Basket {
  total = 0;
  asked = 0;

  async branch(id: string, paid: boolean) {
    if (paid)
      this.total += await priceOf(id);
  }

  async element(ids: string[]) {
    for (const id of ids)
      this.total += await priceOf(id);
  }

  async inCase(id: string, paid: boolean) {
    paid && (this.total += await priceOf(id));
  }

  async choice(id: string, paid: boolean) {
    this.total = this.total + (paid ? await priceOf(id) : 0);
  }

  async instead(known: Map<string, number>, id: string) {
    this.total += known.get(id) ?? (await priceOf(id));
  }

  async numbered(id: string) {
    this.total = this.total + this.next() + (await priceOf(id));
  }

  async repeated(id: string) {
    while ((this.total += await priceOf(id)) < 10) {
      console.log(id);
    }
  }

  short = async (id: string) =>
    (this.total += await priceOf(id));

  async kind(id: string) {
    switch (id) {
      case 'a':
        this.total += await priceOf(id);
    }
  }

  next() {
    return this.asked++;
  }
}

async function priceOf(id: string): Promise<number> {
  const response = await fetch(`/prices/${id}`);
  return Number(await response.text());
}

const basket = new Basket();
const known = new Map<string, number>();
await Promise.all([basket.branch('a', true), basket.branch('b', true), basket.element(['a']), basket.element([])]);
await Promise.all([basket.inCase('a', true), basket.inCase('b', true), basket.choice('a', true), basket.choice('b', true)]);
await Promise.all([basket.instead(known, 'a'), basket.instead(known, 'b'), basket.numbered('a'), basket.numbered('b')]);
await Promise.all([basket.repeated('a'), basket.repeated('b'), basket.short('a'), basket.short('b'), basket.kind('a'), basket.kind('b')]);

export {};
