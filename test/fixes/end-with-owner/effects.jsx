// Effects and factories, with tabs and Windows line ends.
import { useEffect, useRef, useState } from 'react'

export function Clock({ step }) {
	const [now, setNow] = useState(0)
	useEffect(() => {
		if (!step) return
		setInterval(() => setNow(Date.now()), step)
	}, [step])
	return <time>{now}</time>
}

export function Box() {
	const [width, setWidth] = useState(0)
	const host = useRef(null)
	useEffect(() => {
		const observer = new ResizeObserver(([entry]) => setWidth(entry.contentRect.width))
		observer.observe(host.current) // its width alone
	}, [])
	return <p ref={host}>{width}</p>
}

export function createClock(step, tell) {
	let count = 0
	setInterval(() => {
		count += 1
		tell(count)
	}, step)
	return {
		count: () => count,
		dispose() {
			count = 0
		},
	}
}
