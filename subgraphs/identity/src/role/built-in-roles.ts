// What the built-in roles may do, and to which rows: the whole table, for every entity of the graph. `-` is nothing.
// An element is `<subgraph>.<entity>.<action>`; braces stand for each of the words in them.
import type { PermissionScope } from '@switchyard/runtime/viewer/viewer'

export const builtInRoleNames = ['ADMIN', 'MANAGER', 'AGENT', 'ANALYST', 'VIEWER'] as const

export type BuiltInRole = (typeof builtInRoleNames)[number]
export type Permissions = Readonly<Record<string, PermissionScope>>

const table = `
                                                                ADMIN  MANAGER  AGENT  ANALYST  VIEWER
crm.{customer,company,contact,lead}.read                        all    all      own    all      all
crm.{customer,company,contact,lead}.{create,update}             all    all      own    -        -
crm.{customer,lead}.assign                                      all    all      -      -        -
crm.{customer,company,contact,lead}.delete                      all    -        -      -        -
crm.{deal,activity,note}.read                                   all    all      own    all      -
crm.{deal,activity,note}.{create,update}                        all    all      own    -        -
crm.{deal,activity}.assign                                      all    all      -      -        -
crm.deal.delete                                                 all    all      -      -        -
crm.{activity,note}.delete                                      all    all      own    -        -
crm.{pipeline,custom_field}.read                                all    all      all    all      -
crm.{pipeline,custom_field}.{create,update,delete}              all    -        -      -        -
crm.tag.read                                                    all    all      all    all      all
crm.tag.assign                                                  all    all      own    -        -
crm.tag.{create,update,delete}                                  all    all      -      -        -
crm.{report,forecast}.read                                      all    all      own    all      -

commerce.{product,shop}.read                                    all    all      all    all      all
commerce.{product,shop}.{create,update}                         all    all      -      -        -
commerce.{product,shop}.delete                                  all    -        -      -        -
commerce.order.read                                             all    all      own    all      all
commerce.{invoice,payment,shipment}.read                        all    all      own    all      -
commerce.{order,invoice,payment,shipment}.create                all    all      own    -        -
commerce.{order,invoice,payment,shipment}.update                all    all      -      -        -
commerce.{order,invoice,payment,shipment}.delete                all    -        -      -        -

campaigns.campaign.read                                         all    all      all    all      all
campaigns.campaign.stats                                        all    all      -      all      -
campaigns.campaign.{create,update,launch,pause}                 all    all      -      -        -
campaigns.campaign.delete                                       all    -        -      -        -
campaigns.segment.read                                          all    all      all    all      all
campaigns.segment.{create,update,delete}                        all    all      -      -        -
campaigns.{message,receipt}.read                                all    all      own    all      -
campaigns.{message,receipt}.{create,update}                     all    all      -      -        -

support.{ticket,reply}.read                                     all    all      own    all      -
support.{ticket,reply}.{create,update}                          all    all      own    -        -
support.ticket.assign                                           all    all      own    -        -
support.{ticket,reply}.delete                                   all    -        -      -        -
support.article.read                                            all    all      all    all      all
support.article.{create,update}                                 all    all      own    -        -
support.article.publish                                         all    all      -      -        -
support.article.delete                                          all    -        -      -        -
support.sla_policy.read                                         all    all      all    all      -
support.sla_policy.{create,update,delete}                       all    -        -      -        -

identity.user.read                                              all    all      all    all      all
identity.user.read_team                                         all    all      -      -        -
identity.user.{read_details,create,update,block,impersonate}    all    -        -      -        -
identity.role.{read,create,update,delete,assign}                all    -        -      -        -
identity.session.{read,create,update}                           all    own      own    own      own
identity.{partner,concession}.{read,create,update}              all    -        -      -        -

audit.{event,chain}.read                                        all    -        -      -        -
audit.export.create                                             all    -        -      -        -
audit.trail.read                                                all    all      -      -        -

workspace.{project,task,time_entry,document,shift,leave}.read   all    team     own    all      -
workspace.{project,task,time_entry}.{create,update,delete}      all    team     own    -        -
workspace.{document,shift,leave}.{create,update,delete}         all    team     own    -        -
workspace.{project,task,shift,leave}.assign                     all    team     -      -        -

operations.health.read                                          all    all      -      all      -
operations.topology.read                                        all    -        -      -        -
operations.chaos.{read,update}                                  all    -        -      -        -
operations.configuration.{read,update}                          all    -        -      -        -
`

/** `a.{b,c}.{d,e}` as the four elements that it stands for. */
function spelledOut(pattern: string): string[] {
  const [braces, words = ''] = /\{([^}]*)\}/.exec(pattern) ?? []
  if (braces === undefined) return [pattern]
  return words.split(',').flatMap((word) => spelledOut(pattern.replace(braces, word)))
}

const lines = table
  .split('\n')
  .slice(2)
  .map((line) => line.trim().split(/\s+/))
  .filter(([pattern]) => pattern)
  .flatMap(([pattern = '', ...scopes]) => spelledOut(pattern).map((element) => ({ element, scopes })))

const permissionsOf = (role: BuiltInRole): Permissions =>
  Object.fromEntries(
    lines
      .map(({ element, scopes }) => [element, scopes[builtInRoleNames.indexOf(role)]] as const)
      .filter((line): line is [string, PermissionScope] => line[1] !== '-'),
  )

export const builtInRoles = Object.fromEntries(builtInRoleNames.map((role) => [role, permissionsOf(role)])) as Readonly<
  Record<BuiltInRole, Permissions>
>
