// How a subgraph points at an entity that another one is the home of.

/** A reference by key; null where there is nothing to refer to. */
export const reference = <Type extends string>(
  type: Type,
  id: string | null,
): { __typename: Type; id: string } | null => (id === null ? null : { __typename: type, id })
