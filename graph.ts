// Every subgraph there is. In a process of its own, the first listens on 4001, the next on 4002, …
import { crm } from '@switchyard/crm'
import { identity } from '@switchyard/identity'
import type { Subgraph } from '@switchyard/runtime/subgraph/subgraph'

export const graph: readonly Subgraph[] = [identity, crm]
