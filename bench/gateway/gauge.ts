// Loaded into every measured process before its own code: tells what the process has used so far, when it is asked.

export type Usage = { readonly cpuMilliseconds: number; readonly rssBytes: number }

process.on('message', (message) => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  const usage: Usage = { cpuMilliseconds: (user + system) / 1000, rssBytes: process.memoryUsage.rss() }
  process.send?.(usage)
})
// being asked is no reason to live
process.channel?.unref()
// at once, but by its own hand: what --cpu-prof has seen would be lost otherwise
for (const end of ['disconnect', 'SIGTERM']) process.once(end, () => process.exit())
