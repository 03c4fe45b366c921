export { ClientAuthenticator } from './client-authenticator';
export { parseForm, type Form } from './form';
export { IntrospectionEndpoint } from './introspection-endpoint';
export { OAuthModule } from './oauth.module';
