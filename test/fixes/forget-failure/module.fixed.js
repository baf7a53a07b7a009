// A variable of the module; tabs and CRLF, no semicolons.
let catalog = null
let fetching = null

export async function pages(urls) {
	if (catalog) return catalog
	if (fetching === null) {
		fetching = (async () => {
			const found = []
			for (const url of urls) found.push(await fetch(url))
			catalog = found
			fetching = null
			return found
		})().catch((error) => {
			fetching = null
			throw error
		})
	}
	return fetching
}
