export { parseForm, type Form } from './form';
export { IntrospectionEndpoint } from './introspection-endpoint';
export { oauthError } from './oauth.errors';
export { OAuthModule } from './oauth.module';
