import { Module } from '@nestjs/common';
import { CompanyProvider } from './company-provider';
import { ConsoleIsOnGuard } from './console-is-on.guard';
import { ConsolePageController } from './console-page.controller';
import { ConsoleSignIn } from './console-sign-in';
import { ConsoleController } from './console.controller';

/** The console of operators: its page, and how they sign in. Its cookie is accepted by the guard of the administration API. */
@Module({
  controllers: [ConsoleController, ConsolePageController],
  providers: [CompanyProvider, ConsoleIsOnGuard, ConsoleSignIn],
})
export class ConsoleModule {}
