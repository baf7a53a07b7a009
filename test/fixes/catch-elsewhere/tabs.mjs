async function load(path) {
	const answer = await fetch(path)
	if (!answer.ok) throw new Error(path)
	return answer.text()
}

export async function both() {
	if (navigator.onLine) {
		const one = load('/one')
		const two = await load('/two')
		return two + (await one)
	}
	return ''
}
