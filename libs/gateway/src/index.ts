export { GatewayEndpoint } from './gateway-endpoint';
export { gatewayError } from './gateway.errors';
export { GatewayModule } from './gateway.module';
