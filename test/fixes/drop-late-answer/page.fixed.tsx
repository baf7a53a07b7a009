import React, { useEffect, useRef, useState } from 'react';

export function Cards({ filter }: { filter: string }) {
	const [rows, setRows] = useState<string[]>([]);

	const load = async () => {
		const response = await fetch(`/cards?${filter}`);
		setRows(await response.json());
	};

	const latestReload = useRef(0);
	const reload = async () => {
		const turn = ++latestReload.current;
		const response = await fetch(`/cards?${filter}`);
		const found = await response.json();
		if (turn !== latestReload.current) return;
		if (!response.ok) return;
		setRows(found);
	};

	useEffect(() => {
		void reload();
	}, [filter]);

	useEffect(() => {
		void load();
	}, [filter]);

	return <p>{rows.join()}</p>;
}
