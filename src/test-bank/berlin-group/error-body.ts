import type { Refusal } from '../refusal.ts';
import type { Switches } from '../scenario/switches.ts';

/** An error in the shape that the bank's profile asks for (Implementation Guidelines 4.13; RFC 7807; others' habits). */
export function errorResponse(refusal: Refusal, shape: Switches['errors'], path: string, at: Date): Response {
  const headers = new Headers();
  if (refusal.retryAfterSeconds !== null) headers.set('retry-after', String(refusal.retryAfterSeconds));
  const json = (body: object, contentType = 'application/json') => {
    headers.set('content-type', contentType);
    return new Response(JSON.stringify(body), { status: refusal.status, headers });
  };
  switch (shape) {
    case 'problem-json':
      return json(
        {
          type: `https://berlingroup.com/error-codes/${refusal.code}`,
          title: refusal.message.slice(0, 70),
          detail: refusal.message,
          code: refusal.code,
        },
        'application/problem+json',
      );
    case 'spring':
      return json({
        timestamp: at.toISOString(),
        status: refusal.status,
        error: refusal.code,
        message: refusal.message,
        path,
      });
    case 'html':
      headers.set('content-type', 'text/html; charset=utf-8');
      return new Response(`<html><body><h1>${refusal.status}</h1><p>${refusal.code}</p></body></html>`, {
        status: refusal.status,
        headers,
      });
    case 'tpp-messages':
      return json({
        tppMessages: [
          {
            category: 'ERROR',
            code: refusal.code,
            ...(refusal.path === null ? {} : { path: refusal.path }),
            text: refusal.message.slice(0, 500),
          },
        ],
      });
    default:
      return shape satisfies never;
  }
}
