export { Logouts } from './logout/logouts';
export { OpenidModule } from './openid.module';
