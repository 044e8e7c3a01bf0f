import type { AttemptOutcome, DeliveryKind, DeliveryStatus, WebhookDisabledReason } from '../../domain/webhook.ts';
import { describeEnum } from './describe-enum.ts';

export const webhookDisabledReasonEnum = describeEnum<WebhookDisabledReason>(
  'WebhookDisabledReason',
  'Why an endpoint is not served.',
  {
    REQUESTED: 'The client asked for it.',
    KEEPS_FAILING: 'It has taken nothing for three days, whatever was tried.',
    GONE: 'It answered 410 Gone.',
  },
);

export const deliveryStatusEnum = describeEnum<DeliveryStatus>('WebhookDeliveryStatus', 'Where a delivery stands.', {
  PENDING: 'It is on its way, or waits for its next attempt.',
  SUCCEEDED: 'The endpoint has answered with a status from 200 to 299.',
  FAILED: 'The last attempt of three days has failed; it can be replayed.',
});

export const deliveryKindEnum = describeEnum<DeliveryKind>('WebhookDeliveryKind', 'Why an event is sent.', {
  LIVE: 'It happened.',
  REPLAY: 'Somebody asked for it again.',
  TEST: 'Somebody tests the endpoint; it is tried once.',
});

export const attemptOutcomeEnum = describeEnum<AttemptOutcome>('WebhookAttemptOutcome', 'How an attempt ended.', {
  SUCCEEDED: 'With a status from 200 to 299.',
  STATUS_REFUSED: 'With another status.',
  REDIRECT_REFUSED: 'With a redirect, which is not followed.',
  ADDRESS_REFUSED: 'The name leads to an address outside of the internet, to which nothing is sent.',
  CONNECTION_FAILED: 'There was no connection, or it broke.',
  TLS_FAILED: 'The certificate of the endpoint, or ours at the endpoint, is not accepted.',
  TIMED_OUT: 'There was no answer within ten seconds.',
});
