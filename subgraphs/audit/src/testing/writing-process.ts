// A process that logs events by ten writers until it is killed, for tests that do so wherever it happens to be.
import { anEvent, startWriter } from './writer.ts'

const writer = startWriter(process.argv[2] ?? '', 10)
for (let count = 0; count < 10; count++) void writeOn()

async function writeOn() {
  for (;;) await writer.log(anEvent())
}
