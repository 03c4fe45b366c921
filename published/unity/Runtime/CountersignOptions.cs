using System;

namespace Countersign
{
    /// <summary>What a client needs to know. <see cref="Api"/> and <see cref="ApplicationId"/> are required.</summary>
    public sealed class CountersignOptions
    {
        /// <summary>Address of the service, such as <c>https://id.example.com</c>.</summary>
        public string Api { get; set; }

        /// <summary>Public id of the application.</summary>
        public string ApplicationId { get; set; }

        /// <summary>Numeric id of the bot that launches the Mini App. Only where the application has several.</summary>
        public string BotId { get; set; }

        /// <summary>Shown to the person in the list of their sessions.</summary>
        public string DeviceName { get; set; }

        /// <summary>Init data of the page, unchanged; null or empty where there is none. <see cref="TelegramInitData.Read"/> by default.</summary>
        public Func<string> InitData { get; set; } = TelegramInitData.Read;
    }
}
