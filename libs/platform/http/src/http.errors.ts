import { defineErrors, refusals } from '@countersign/text';

export const requestError = defineErrors({
  ...refusals('malformed', {
    'request.invalid': 'The request has invalid fields. Correct the fields that are named.',
    'request.unknown_field':
      'The request has fields that this call does not know. Remove the fields that are named.',
    'request.malformed': 'The request is not well-formed HTTP',
    'request.malformed_url': 'The URL is not well-formed',
    'request.malformed_json': 'The body is not well-formed JSON',
    'request.malformed_form': 'The body is not well-formed form encoding',
    'request.malformed_utf8': 'The body is not well-formed UTF-8',
  }),
  ...refusals('forbidden', {
    'request.origin_not_allowed':
      'This origin may not call on behalf of the application. Add the exact origin to the settings of the application.',
  }),
  ...refusals('misdirected', {
    'request.host_not_allowed':
      'The administration API is not called by this name. Call it by an IP address or `localhost`, or list the name in `ADMIN_ALLOWED_HOSTS`.',
  }),
  ...refusals('not-found', { 'request.route_not_found': 'No such route' }),
  ...refusals('method-not-allowed', {
    'request.method_not_allowed': 'The route does not take this method. Use a method named in `Allow`.',
  }),
  ...refusals('too-large', {
    'request.too_large':
      'The request is too large. A body may have 64 KiB, and all headers together with the URL 16 KiB.',
  }),
  ...refusals('unsupported-media-type', {
    'request.unsupported_media_type':
      'The body has a media type that this call does not accept. Send `application/json`, to the OAuth calls a form instead; in UTF-8, without a content encoding.',
  }),
  ...refusals('internal', {
    'service.data_unreadable':
      'Stored data was changed from outside, or belongs elsewhere. Trying again changes nothing: report it with the `requestId`.',
    'service.internal_error': 'A defect of this service. Report it with the `requestId`.',
  }),
});
