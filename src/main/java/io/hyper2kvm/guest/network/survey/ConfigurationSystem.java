package io.hyper2kvm.guest.network.survey;

/** One way in which a guest's files speak of its network cards. */
public interface ConfigurationSystem {

  /** Learns names, addresses and pins; changes nothing. */
  void read(GuestFiles files, Survey survey);

  /** Plans the edits of its files, once all systems have been read. */
  void edit(GuestFiles files, Repair repair);
}
