export { AuthenticatedClient, ClientCalls, ClientGuard, CurrentClient } from './authenticated-client';
export { ClientAuthenticator } from './client-authenticator';
export { IntrospectionEndpoint } from './introspection-endpoint';
export { OAuthModule } from './oauth.module';
