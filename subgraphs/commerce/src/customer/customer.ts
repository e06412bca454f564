// A customer as others name it to commerce: by its id.
export type CustomerReference = { readonly id: string }
