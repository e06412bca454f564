// The body of a GraphQL request, read by hand where it is what clients usually send: JSON, in UTF-8 and not packed.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import express from 'express'
import { unreadable } from './refuse.ts'

const usual = new Set(['application/json', 'application/json; charset=utf-8', 'application/json;charset=utf-8'])

/** Answers undefined for a body that is missing or not JSON; Apollo Server says what is wrong with that. */
export function bodyReader(limit: number): (request: IncomingMessage, response: ServerResponse) => Promise<unknown> {
  const parse = promisify(express.json({ limit }) as (...asked: [IncomingMessage, ServerResponse, () => void]) => void)
  return async (request, response) => {
    // it may have been cut off before anybody listened
    if (request.destroyed) throw unreadable(400)
    const { 'content-type': type = '', 'content-encoding': encoding } = request.headers
    if (encoding === undefined && usual.has(type.toLowerCase())) return parsed(await textOf(request, limit))
    await parse(request, response)
    return (request as { body?: unknown }).body
  }
}

function textOf(request: IncomingMessage, limit: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) return void chunks.push(chunk)
      // what still comes is read and thrown away: a client that is busy sending would not hear the answer
      chunks.length = 0
      reject(unreadable(413))
    })
    request.once('end', () => resolve((chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).toString()))
    request.once('error', () => reject(unreadable(400)))
  })
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  const value = parsedJson(text)
  if (typeof value !== 'object' || value === null) throw unreadable(400)
  return value
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable(400)
  }
}
