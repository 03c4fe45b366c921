export { WebhookVerificationError } from 'standardwebhooks';
export { eventVersions, type EventData } from './generated/event-types';
export { type CountersignEvent, type KnownEvent, type UnknownEvent } from './events';
export { verifyEvent, type RequestHeaders } from './verify-event';
