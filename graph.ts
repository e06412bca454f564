// Every subgraph there is. In a process of its own, the first listens on 4001, the next on 4002, …
import { audit } from '@switchyard/audit'
import { campaigns } from '@switchyard/campaigns'
import { commerce } from '@switchyard/commerce'
import { crm } from '@switchyard/crm'
import { identity } from '@switchyard/identity'
import type { Subgraph } from '@switchyard/runtime/subgraph/subgraph'
import { support } from '@switchyard/support'

export const graph: readonly Subgraph[] = [identity, crm, support, commerce, audit, campaigns]
