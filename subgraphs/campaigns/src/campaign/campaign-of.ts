// Which campaign an event is about: its own, or the one whose progress was counted.
type Told = { readonly entityId: string; readonly payload: Readonly<Record<string, unknown>> }

export const campaignOf = ({ entityId, payload }: Told): string =>
  typeof payload.campaignId === 'string' ? payload.campaignId : entityId
