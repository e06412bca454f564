// Texts of bounded length, for whatever repeats what somebody sent: log lines, and messages of errors.

export const maxTextLength = 200

/** The beginning of a text that is too long, with an ellipsis where it was cut. */
export const shortened = (text: string, length = maxTextLength): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`
