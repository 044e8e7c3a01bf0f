import { z } from 'zod';

const requests = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a number of requests a minute from 1 on')
  .transform(Number)
  .optional();

const subscriptions = z
  .string()
  .regex(/^[1-9]\d{0,8}$/, 'must be a number of subscriptions from 1 on')
  .transform(Number)
  .optional();

/** The settings of what strangers may do to the gateway. */
export const doorSettings = {
  ALLOWED_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .refine(
      (origins) => origins.every((origin) => origin === '*' || URL.parse(origin)?.origin === origin),
      'must be * or origins like https://app.example.com between commas',
    )
    .optional(),
  GRAPHQL_INTROSPECTION: z.enum(['on', 'off'], 'must be on or off').optional(),
  REQUESTS_PER_MINUTE: requests,
  REQUESTS_PER_MINUTE_PER_USER: requests,
  SUBSCRIPTIONS_PER_CLIENT: subscriptions,
  SUBSCRIPTIONS_PER_USER: subscriptions,
};

type DoorSettings = { readonly TRIBUTARY_ENV: 'sandbox' | 'production' } & z.infer<z.ZodObject<typeof doorSettings>>;

/** A sandbox is open to every page and tells its schema; production is and does neither unless it is told to. */
export function doorsOf(data: DoorSettings) {
  const isSandbox = data.TRIBUTARY_ENV === 'sandbox';
  const origins = data.ALLOWED_ORIGINS ?? (isSandbox ? ['*'] : []);
  const { REQUESTS_PER_MINUTE: client, REQUESTS_PER_MINUTE_PER_USER: user } = data;
  const { SUBSCRIPTIONS_PER_CLIENT: ofClient, SUBSCRIPTIONS_PER_USER: ofUser } = data;
  const areCounted = !isSandbox || ofClient !== undefined || ofUser !== undefined;
  const isLimited = !isSandbox || client !== undefined || user !== undefined;
  return {
    allowedOrigins: origins.includes('*') ? ('*' as const) : origins,
    isIntrospectable: (data.GRAPHQL_INTROSPECTION ?? (isSandbox ? 'on' : 'off')) === 'on',
    subscriptionsMax: areCounted ? { client: ofClient ?? 10_000, user: ofUser ?? 100 } : null,
    requestsPerMinute: isLimited ? { client: client ?? 60_000, user: user ?? 600 } : null,
  };
}
