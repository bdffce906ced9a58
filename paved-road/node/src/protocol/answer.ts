//! Answers of a provider: status, media type and JSON, checked before anything else.
import { parseObject, type JsonObject } from '../json.js'
import { refuse } from '../refusal.js'

/** An answer of a server, whole and within limits. */
export interface Answer {
  status: number
  contentType: string
  body: string
}

const isJson = (contentType: string): boolean => /^application\/json[\t ]*(?:;|$)/i.test(contentType)

/** Reads a JSON object from an answer that has one of the statuses. */
export function jsonAnswer(answer: Answer, statuses: readonly number[] = [200]): JsonObject {
  if (answer.status >= 300 && answer.status <= 399) refuse('redirect-refused')
  if (!statuses.includes(answer.status)) refuseError(answer)
  if (!isJson(answer.contentType)) refuse('content-type-unexpected')
  const body = parseObject(answer.body) ?? refuse('json-malformed')
  if (typeof body['error'] === 'string') refuseError(answer)
  return body
}

/** Refuses with the error code that the answer has, if it has one (RFC 6749, section 5.2). */
function refuseError(answer: Answer): never {
  const error = isJson(answer.contentType) ? parseObject(answer.body)?.['error'] : undefined
  if (typeof error !== 'string') refuse('http-status', String(answer.status))
  refuse(error === 'invalid_grant' ? 'grant-invalid' : 'token-endpoint-error', /^[a-z_]{1,64}$/.test(error) ? error : undefined)
}
