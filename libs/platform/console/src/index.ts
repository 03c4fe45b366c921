import './console.errors';

export { ConsoleModule } from './console.module';
