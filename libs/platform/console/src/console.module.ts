import { Module } from '@nestjs/common';
import { CompanyProvider } from './company-provider';
import { ConsoleIsOnGuard } from './console-is-on.guard';
import { ConsolePageController } from './console-page.controller';
import { ConsoleSignIn } from './console-sign-in';
import { ConsoleController } from './console.controller';

/** The page of the console and its sign-in. The guard of the administration API accepts its cookie. */
@Module({
  controllers: [ConsoleController, ConsolePageController],
  providers: [CompanyProvider, ConsoleIsOnGuard, ConsoleSignIn],
})
export class ConsoleModule {}
