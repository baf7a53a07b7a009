// Links that start work and do not hand it on.
const { mkdir, writeFile } = require('node:fs/promises');

async function fill(folder, files) {
  for (const file of files) {
    await writeFile(`${folder}/${file.name}`, file.text);
  }
}

function build(folder, files) {
  return mkdir(folder)
    .then(() => {
      // All files at once.
      fill(folder, files);
    })
    .then(function () {
      console.log('filled');
      writeFile(
        `${folder}/done`,
        '',
      );
    })
    .then(() => console.log('built'));
}

async function store(folder, files) {
  await Promise.all(
    files.map((file) => {
      const name = `${folder}/${file.name}`;
      writeFile(name, file.text);
    }),
  );
  console.log('stored');
}

module.exports = { build, store };
