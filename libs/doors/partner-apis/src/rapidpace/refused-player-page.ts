import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { ApplicationsService } from '@countersign/applications';
import { escapeHtml, type Problem } from '@countersign/http';
import { rapidpaceSettings, type PlayerLanguage } from './rapidpace.feature';

interface PlayerTexts {
  readonly title: string;
  readonly restart: string;
  readonly retry: string;
  readonly back: string;
}

const texts = {
  en: {
    title: 'This link cannot be opened',
    restart: 'Press Start in the bot, and open the game from the new message.',
    retry: 'Please try again in a few minutes.',
    back: 'Back to the game',
  },
  de: {
    title: 'Dieser Link kann nicht geöffnet werden',
    restart: 'Drücke im Bot auf Start und öffne das Spiel aus der neuen Nachricht.',
    retry: 'Bitte versuche es in einigen Minuten noch einmal.',
    back: 'Zurück zum Spiel',
  },
  es: {
    title: 'No se puede abrir este enlace',
    restart: 'Pulsa Iniciar en el bot y abre el juego desde el mensaje nuevo.',
    retry: 'Inténtalo de nuevo dentro de unos minutos.',
    back: 'Volver al juego',
  },
  fa: {
    title: 'این پیوند باز نمی‌شود',
    restart: 'در ربات دکمهٔ شروع را بزنید و بازی را از پیام جدید باز کنید.',
    retry: 'لطفاً چند دقیقهٔ دیگر دوباره تلاش کنید.',
    back: 'بازگشت به بازی',
  },
  fr: {
    title: 'Ce lien ne peut pas être ouvert',
    restart: 'Appuyez sur Démarrer dans le bot, puis ouvrez le jeu depuis le nouveau message.',
    retry: 'Veuillez réessayer dans quelques minutes.',
    back: 'Retour au jeu',
  },
  pt: {
    title: 'Não é possível abrir este link',
    restart: 'Toque em Iniciar no bot e abra o jogo pela nova mensagem.',
    retry: 'Tente novamente em alguns minutos.',
    back: 'Voltar ao jogo',
  },
  ru: {
    title: 'Не удалось открыть ссылку',
    restart: 'Нажмите «Запустить» в боте и откройте игру из нового сообщения.',
    retry: 'Повторите попытку через несколько минут.',
    back: 'Вернуться в игру',
  },
  tr: {
    title: 'Bu bağlantı açılamıyor',
    restart: 'Botta Başlat düğmesine basın ve oyunu yeni mesajdan açın.',
    retry: 'Lütfen birkaç dakika sonra tekrar deneyin.',
    back: 'Oyuna dön',
  },
} as const satisfies Record<PlayerLanguage, PlayerTexts>;

declare module 'fastify' {
  interface FastifyRequest {
    /** The application's settings for the page of a refused player. It is undefined if the application is unknown. */
    playerPage?: { readonly language: PlayerLanguage; readonly backUrl?: string };
  }
}

/** Runs before the guards that refuse a link, and refuses nothing itself. */
@Injectable()
export class PlayerPageGuard implements CanActivate {
  constructor(private readonly applications: ApplicationsService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { applicationId = '' } = request.params as { readonly applicationId?: string };
    // The next guard reports an unknown application or a database that does not answer.
    const found = isUUID(applicationId)
      ? await this.applications.getById(applicationId).catch(() => null)
      : null;
    if (found) request.playerPage = rapidpaceSettings.of(found.settings);
    return true;
  }
}

/** The page for a player whose link is refused. It shows nothing of the link; operators read the log. */
export function refusedPlayerPage(
  { status }: Pick<Problem, 'status'>,
  { playerPage }: FastifyRequest,
): string {
  const { language = 'en', backUrl } = playerPage ?? {};
  const { title, restart, retry, back } = texts[language];
  const isTemporary = status === 429 || status >= 500;
  const link = backUrl === undefined ? '' : `<p><a href="${escapeHtml(backUrl)}">${back}</a></p>`;
  return (
    `<!doctype html><html lang="${language}" dir="${language === 'fa' ? 'rtl' : 'ltr'}"><meta charset="utf-8">` +
    `<meta name="viewport" content="width=device-width"><title>${title}</title><h1>${title}</h1>` +
    `<p>${isTemporary ? retry : restart}</p>${link}`
  );
}
