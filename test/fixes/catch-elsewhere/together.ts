async function load(path: string): Promise<string> {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(path);
  return answer.text();
}

export async function page(id: number): Promise<string> {
  const head = load('/head');
  const body = load(
    `/body/${id}`,
  ); // the long one
  const title = await load('/title');
  return title + (await head) + (await body);
}
