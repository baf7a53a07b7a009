from asyncio import create_subprocess_exec, to_thread
import subprocess


def version(host, retries=3):
	for _ in range(retries):
		answer = subprocess.run(['ssh', host, 'version'], capture_output=True)
		if answer.returncode == 0:
			return answer.stdout
	return b''


class Host:
	def __init__(self, name):
		self.name = name
		self.greeting = subprocess.check_output(['ssh', name])

	def uptime(self):
		return subprocess.check_output(['ssh', self.name, 'uptime'])


async def show(name):
	host = await to_thread(Host, name)
	print(await to_thread(version, name, retries=1))
	if not await to_thread(version, name): return
	await create_subprocess_exec('ssh', name)
	await to_thread(print)


async def watch(host: Host):
	return await to_thread(host.uptime)
