// Variables of the module; tabs and CRLF.
let served = 0;

async function log(line) {
	console.log(line);
}

export async function serve(request) {
	const count = served
	await log(request.url)
	served = count + 1
}

require("http").createServer(async (request, response) => {
	await serve(request)
	response.end(String(served))
}).listen(80)
