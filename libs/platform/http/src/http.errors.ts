import { defineErrors } from '@countersign/text';

export const requestError = defineErrors({
  'request.invalid': {
    kind: 'malformed',
    title: 'The request has invalid fields',
    remedy: 'Correct the fields that are named.',
  },
  'request.unknown_field': {
    kind: 'malformed',
    title: 'The request has fields that this call does not know',
    remedy: 'Remove the fields that are named.',
  },
  'request.malformed': { kind: 'malformed', title: 'The request is not well-formed HTTP' },
  'request.malformed_url': { kind: 'malformed', title: 'The URL is not well-formed' },
  'request.malformed_json': { kind: 'malformed', title: 'The body is not well-formed JSON' },
  'request.malformed_form': { kind: 'malformed', title: 'The body is not well-formed form encoding' },
  'request.malformed_utf8': { kind: 'malformed', title: 'The body is not well-formed UTF-8' },
  'request.origin_not_allowed': {
    kind: 'forbidden',
    title: 'This origin may not call on behalf of the application',
    remedy: 'Add the exact origin to the settings of the application.',
  },
  'request.host_not_allowed': {
    kind: 'misdirected',
    title: 'The administration API is not called by this name',
    remedy: 'Call it by an IP address or `localhost`, or list the name in `ADMIN_ALLOWED_HOSTS`.',
  },
  'request.route_not_found': { kind: 'not-found', title: 'No such route' },
  'request.method_not_allowed': {
    kind: 'method-not-allowed',
    title: 'The route does not take this method',
    remedy: 'Use a method named in `Allow`.',
  },
  'request.too_large': {
    kind: 'too-large',
    title: 'The request is too large',
    remedy: 'A body may have 64 KiB, and all headers together with the URL 16 KiB.',
  },
  'request.unsupported_media_type': {
    kind: 'unsupported-media-type',
    title: 'The body has a media type that this call does not accept',
    remedy:
      'Send `application/json`, to the OAuth calls a form instead; in UTF-8, without a content encoding.',
  },
  'service.data_unreadable': {
    kind: 'internal',
    title: 'Stored data was changed from outside, or belongs elsewhere',
    remedy: 'Trying again changes nothing: report it with the `requestId`.',
  },
  'service.internal_error': {
    kind: 'internal',
    title: 'A defect of this service',
    remedy: 'Report it with the `requestId`.',
  },
});
