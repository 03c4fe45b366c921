#if UNITY_WEBGL && !UNITY_EDITOR
using System.Runtime.InteropServices;
#endif

namespace Countersign
{
    /// <summary>Init data of the page that the web build runs in.</summary>
    public static class TelegramInitData
    {
#if UNITY_WEBGL && !UNITY_EDITOR
        [DllImport("__Internal")]
        private static extern string CountersignInitData();

        private static string text;
#endif

        /// <summary>
        /// What telegram-web-app.js has read, unchanged; the page has to load that script before the game. Empty outside Telegram, in the
        /// Editor, and in other builds.
        /// </summary>
        public static string Read()
        {
#if UNITY_WEBGL && !UNITY_EDITOR
            return text ?? (text = CountersignInitData());
#else
            return "";
#endif
        }
    }
}
