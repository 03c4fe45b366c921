export { GatewayEndpoint } from './gateway-endpoint';
export { gatewayErrorCodes } from './gateway.errors';
export { GatewayModule } from './gateway.module';
