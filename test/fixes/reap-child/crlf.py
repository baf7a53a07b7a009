import subprocess


class Player:
    def __init__(self, command):
        self.child = subprocess.Popen(command)

    def stop(self):
        self.child.kill()