// A mutex of the module; tabs and CRLF.
import { Mutex } from "async-mutex"

const mutex = new Mutex()
let total = 0

async function priceOf(item) {
	return item.length
}

export async function remove(item) {
	await mutex.runExclusive(async () => {
		total = total - (await priceOf(item))
	})
}

export async function add(item) {
	const before = total
	const price = await priceOf(item, before)
	total = before + price
}

setInterval(() => add("bread").catch(console.error), 1000)
setInterval(() => remove("bread").catch(console.error), 1000)
