// What html-validate holds the pages to: its recommended rules, and the exceptions with their reasons.
export default {
    root: true,
    extends: ["html-validate:recommended"],
    rules: {
        // Lists drawn without markers lose their role in VoiceOver unless it is written out.
        "no-redundant-role": "off",
        // A box that scrolls is a region so that the keyboard can reach it; it is no section of the page.
        "prefer-native-element": ["error", { exclude: ["list", "region"] }],
        // Some speech software finds a field by `for` alone, though its label is around it.
        "no-redundant-for": "off",
        // Lines of a template that print nothing leave their indentation behind.
        "no-trailing-whitespace": "off",
        // Checkboxes that answer one question share a name, as radio buttons do.
        "form-dup-name": ["error", { shared: ["radio", "checkbox", "button", "reset", "submit"] }],
    },
};
