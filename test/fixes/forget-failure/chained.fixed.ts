// More steps behind the one that lets go.
declare function connect(url: string): Promise<{ open(): Promise<void> }>;

let opening: Promise<void> | undefined;

export function open(url: string): Promise<void> {
  if (opening) return opening;
  opening = connect(url)
    .then((connection) => {
      opening = undefined;
      return connection;
    })
    .then((connection) => connection.open())
    .catch((error) => {
      opening = undefined;
      throw error;
    });
  return opening;
}
