import { defineErrors } from '@countersign/errors';
import { contactRefusals, initDataRefusals, loginWidgetRefusals } from '@countersign/telegram';

export const initDataError = defineErrors(initDataRefusals);

export const loginWidgetError = defineErrors(loginWidgetRefusals);

export const contactError = defineErrors(contactRefusals);
