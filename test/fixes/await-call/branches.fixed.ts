// In a branch of an expression, with Windows line ends.
import { writeFile } from "node:fs/promises";

async function store(file: string, text: string): Promise<void> {
	await writeFile(file, text);
}

export async function change(file: string, text: string, dry: boolean): Promise<void> {
	try {
		dry || (await store(
			file,
			text,
		));
	} catch (error) {
		console.error("not stored", error);
	}
}
