// Conditions that ask a promise
import { stat } from 'node:fs/promises'

async function isFolder(path) {
  return (await stat(path)).isDirectory()
}

export async function visit(path, open) {
  if (!isFolder(path)) return
  open(path)
}
